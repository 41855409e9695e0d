"""What it costs to run one app in several ways."""
