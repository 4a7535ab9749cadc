"""The demo organisation: Almenara Logística, a fictitious logistics company with its own software department."""
