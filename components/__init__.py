"""What pages are made of: each takes the narrowest object it needs, and draws what the core knows."""
