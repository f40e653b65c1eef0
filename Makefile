# One entry for every chore; `make help` lists them.
PY := .venv/bin/python
BIN := .venv/bin
T ?= tests
ACOUSTIC := .benchmarks/acoustic
, := ,
WEB := src/trucewatch/share/web/map.html
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

.venv/.ready: requirements/dev.txt pyproject.toml
	test -x $(PY) || python3 -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check "$$(sed -n 's/^\(uv==[^ ]*\).*/\1/p' requirements/dev.txt)"
	$(BIN)/uv pip sync --quiet --require-hashes requirements/dev.txt
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

web/node_modules/.ready: web/package-lock.json
	cd web && npm ci --silent --no-fund --no-audit
	touch $@

$(WEB): web/node_modules/.ready $(wildcard web/src/* web/*.ts web/*.html web/*.json)
	cd web && npm run --silent build

.venv/.compiled: .venv/.ready $(wildcard src/trucewatch/fuse/acoustic/*.py)
	$(PY) tools/compile.py
	touch $@

dev: .venv/.ready .venv/.compiled $(WEB)  ## set up everything: environment, dependencies, engine, map page

wheel: dev  ## a wheel with the map page and the engine, compiled for this kind of machine
	$(PY) tools/compile.py --shipped
	$(BIN)/uv build --wheel --no-build-isolation --out-dir out/wheel
	rm -rf src/trucewatch/fuse/acoustic/compiled

lock: .venv/.ready  ## resolve dependencies again
	requirements/lock.sh --upgrade

fix: .venv/.ready  ## format, and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: .venv/.ready web/node_modules/.ready  ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd web && npm run --silent check

test: dev  ## all tests, or some: make test T=tests/store
	$(PY) -m pytest -n auto -q $(T)

check: dev lint test  ## everything a change must pass

cases: dev  ## run every case on the lent real data (TRUCEWATCH_DATA) and check it
	$(PY) -m pytest -q -m cases tests

bench: dev  ## time what must be fast; results belong in docs/benchmarks.md
	$(PY) -m pytest -q benchmarks -o python_files='bench_*.py' -p no:xdist \
		--benchmark-only --benchmark-columns=min,median,max,rounds
	$(PY) benchmarks/bench_fuse.py
	$(PY) -m benchmarks.heavy
	$(PY) benchmarks/completeness.py
	$(PY) -m benchmarks.noticed --seeds 6 --nodes 30,80
	$(PY) -m benchmarks.cueing
	$(PY) -m benchmarks.rate_bound
	$(PY) -m benchmarks.lineage
	$(PY) -m benchmarks.joint 10000
	$(PY) -m benchmarks.allegation_run --shuffled
	$(MAKE) bench-acoustic
	$(PY) -m benchmarks.ledger
	$(PY) -m benchmarks.tamper --trials 200
	$(PY) -m benchmarks.kill --trials 100
	test -z "$$TRUCEWATCH_DATA" || $(PY) benchmarks/growth.py
	test -z "$$TRUCEWATCH_DATA" || $(PY) -m benchmarks.delays

bench-acoustic: dev  ## tables of the acoustic engine (PEERS=PYTHON for its peers, SHORT=1 in minutes)
	$(PY) benchmarks/acoustic/bench.py --out $(ACOUSTIC) --seeds 1 \
		--scenes $(if $(SHORT),light,quiet$(,)light$(,)busy$(,)one-sided$(,)clutter$(,)dense$(,)barrage)
	$(PY) benchmarks/acoustic/bench.py --out $(ACOUSTIC) --seeds 1 \
		--scenes busy-10min $(if $(PEERS),--peers $(PEERS))
	$(PY) benchmarks/acoustic/growth.py --out $(ACOUSTIC) \
		$(if $(SHORT),--rates 100$(,)2000 --sensors 300,--rates 100$(,)2000$(,)20000$(,)240000 --sensors 300$(,)1000$(,)3000)
	$(PY) benchmarks/acoustic/degrade.py --out $(ACOUSTIC) --seeds 1 \
		$(if $(SHORT),--kinds sound --span-s 300)
	$(PY) benchmarks/acoustic/week.py --out $(ACOUSTIC) --days $(if $(SHORT),0.25,1)
	$(PY) benchmarks/acoustic/soon.py --out $(ACOUSTIC) --seeds 201 $(if $(SHORT),--short)
	$(PY) benchmarks/acoustic/stream.py --bangs 10 \
		$(if $(SHORT),--sensors 1000 --minutes 4 --epoch 900)
	$(PY) benchmarks/acoustic/weather.py --scenarios rehearsal

docs: dev  ## write the generated reference again
	$(PY) tools/reference.py

golden: dev  ## write the golden files again; review them as a diff
	$(PY) -m tests.share.regenerate_golden

demo: dev  ## the main job, offline, on the case shipped here, and one simulated day
	rm -rf out/demo
	$(BIN)/trucewatch demo --out out/demo --no-browser --exercise
	@echo; echo "Checking what was published:"
	$(BIN)/trucewatch verify out/demo

.PHONY: help dev wheel lock fix lint test check cases bench bench-acoustic docs golden demo
