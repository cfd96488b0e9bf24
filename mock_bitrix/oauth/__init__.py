"""The authorisation server: who lets an application in, and what codes and tokens it gets."""
