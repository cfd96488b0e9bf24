from hypothesis import HealthCheck, settings

# A busy machine must not fail a property: examples have no time limit of their own.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
