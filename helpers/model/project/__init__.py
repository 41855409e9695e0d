"""How the containers of a Compose project came up: its starts, lane by lane."""
