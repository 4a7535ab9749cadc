"""The services of the windows, one module per part of the company."""
