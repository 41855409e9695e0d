"""This machine: its packages, memory, disks, ports, browser and network settings."""
