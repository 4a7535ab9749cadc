.PHONY: run test lock screenshots measure

run:
	python3 run.py

test:
	python3 run.py test

lock:
	python3 run.py lock

screenshots:
	.venv/bin/python -m tests.screenshots

measure:
	.venv/bin/python -m tests.performance.measure --scale 100000 --database both
