"""The app in three parts: the shop, a service that knows prices, and a PostgreSQL for the items."""
