"""Vehicles that tell where they are through an MQTT broker."""
