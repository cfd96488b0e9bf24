"""The portal's page around an application, and the script that the application's page loads."""
