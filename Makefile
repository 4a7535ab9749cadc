.PHONY: run test races lock screenshots measure measure-promises

run:
	python3 run.py

test:
	python3 run.py test

races:
	RACE_ROUNDS=100 .venv/bin/python -m pytest -n0 -q -m race --durations=0

lock:
	python3 run.py lock

screenshots:
	.venv/bin/python -m tests.screenshots

measure:
	.venv/bin/python -m tests.performance.measure --scale 100000 --database both

measure-promises:
	.venv/bin/python -m tests.performance.promises --clocks 10000 --database both
