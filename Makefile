# Two commands matter: `make run` and `make test`. Both may be repeated; each prints what it does.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The locks are complete, so pip resolves nothing; without pip's own cache or settings the outcome is the same.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps
DATA ?= data

# What `make test` leaves to `make test-all`: training, the page in a browser, Prefect servers, long runs.
LONG := train or browser or flow or slow

.PHONY: help run page test test-all gold gate lint format lock train-setup clean
help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: $(VENV)/.core  ## Set up, then run the main job on the authored samples
	@echo "==> running the pipeline on corpora/samples (dataset: $(DATA))"
	$(BIN)/osce-commitments run corpora/samples --data $(DATA) --engine prefect

page: run  ## Set up, read the authored samples, and serve the page until Ctrl-C
	$(BIN)/osce-commitments serve --data $(DATA)

test: $(VENV)/.test  ## Set up what the tests need (no torch), then run the quick tests
	@echo "==> running the quick tests"
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not ($(LONG))"

test-all: test $(VENV)/.train  ## The quick tests, then the long ones: training, browser, flows
	@echo "==> running the long tests"
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "$(LONG)"

gold: $(VENV)/.test  ## Build the documents of corpora/gold from their sources
	$(BIN)/python -m corpora.gold.build

gate: $(VENV)/.core  ## Measure the released classifier on the test and the unseen part and hold it to its floors
	@echo "==> measuring the released classifier (about a minute)"
	@for part in test unseen; do \
	  $(BIN)/osce-commitments evaluate --data corpora/commitments/$$part.jsonl --out build/evaluation/$$part && \
	  $(BIN)/osce-commitments gate build/evaluation/$$part/metrics.json --name commitments-$$part || exit 1; \
	done

lint: $(VENV)/.dev  ## Check style, types, layers, names, words and the examples of rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/check_words.py
	$(BIN)/python -m pytest -q tests/house tests/rules

format: $(VENV)/.dev  ## Rewrite the code in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || \
	  { echo "error: $(PYTHON) is not Python 3.11 to 3.13; name another: make PYTHON=python3.12 run" >&2; exit 2; }
	@echo "==> creating $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "error: this Python cannot make virtual environments; install its venv module" >&2; exit 2; }
	@touch $@

$(VENV)/.core: $(VENV)/.python requirements/build.txt requirements/core.txt pyproject.toml
	@echo "==> installing the locked packages of the pipeline (1 to 3 minutes the first time)"
	@$(INSTALL) --require-hashes -r requirements/build.txt -r requirements/core.txt
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.core requirements/test.txt
	@echo "==> installing what the tests need"
	@$(INSTALL) --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.test requirements/dev.txt
	@echo "==> installing what development needs"
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

train-setup: $(VENV)/.train  ## Add what training needs (large; TORCH_INDEX=URL of an index with CPU builds of torch)

# torch alone has no hash: its CPU and CUDA builds differ (requirements/README.md).
$(VENV)/.train: $(VENV)/.core requirements/train.txt requirements/torch.txt
	@echo "==> installing what training needs (torch is large: 2 to 5 minutes the first time)"
	@$(INSTALL) --require-hashes -r requirements/train.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input \
	  $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) -r requirements/torch.txt
	@touch $@

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
# Of a full lock, what core does not have; not torch, whose builds differ, and not what the CUDA build brings.
NOT_IN_CORE := awk 'NR == FNR { if (/^[a-z]/) core[$$1] = 1; next } \
  /^[a-z]/ { keeps = !($$1 in core) && !/^(cuda-|nvidia-[cn]|torch=|triton=)/ } keeps'
lock:  ## Write the requirement files again (needs uv)
	$(LOCK) requirements/build.in -o requirements/build.txt
	$(LOCK) pyproject.toml -o requirements/core.txt
	$(LOCK) pyproject.toml --extra dask --group test -c requirements/core.txt -o requirements/test.txt
	$(LOCK) pyproject.toml --extra dask --group dev -c requirements/test.txt -o requirements/dev.txt
	mkdir -p build
	$(LOCK) pyproject.toml --extra train -c requirements/dev.txt -o build/train.txt
	$(NOT_IN_CORE) requirements/core.txt build/train.txt > requirements/train.txt
	grep -oE '^torch==[^ ]+' build/train.txt > requirements/torch.txt
	$(LOCK) pyproject.toml --extra dvc -c build/train.txt -o build/dvc.txt
	$(NOT_IN_CORE) requirements/core.txt build/dvc.txt > requirements/dvc.txt

clean:  ## Remove the environment and the dataset of `make run`
	rm -rf $(VENV) $(DATA)
