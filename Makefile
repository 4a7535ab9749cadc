.PHONY: run test lock screenshots

run:
	python3 run.py

test:
	python3 run.py test

lock:
	python3 run.py lock

screenshots:
	.venv/bin/python -m tests.screenshots
