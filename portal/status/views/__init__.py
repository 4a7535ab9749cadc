"""Pages of the public window; outside: `pages`, `data`, `feeds`; inside: `inside`, `editor`."""
