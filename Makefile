# A fresh machine needs Python 3.11 or later and make. What a target lacks is installed under .venv
# on its first call; until a pyproject.toml or the lock changes, later calls need no network.

ENVIRONMENT := .venv
BIN := $(ENVIRONMENT)/bin
LOCK := requirements/test.lock
# The example is no law that anybody stands under: its tests read it where it is.
# What one cooperative needs: French law, papers, workbooks, the accounting export. The rest, and the
# engines for clusters, are for the tests.
FOR_ONE := $(patsubst %,plugins/coopfx-%,fr papers sheets fec)
PLUGINS := $(filter-out plugins/example,$(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml)))
WORKERS ?= auto
# What make test leaves out, of all but the soaks.
BEYOND := wheel or each or engines or browser or office

# The first Python that serves, preferring one that can make environments.
PYTHON ?= $(shell \
  for needed in 'sys, venv, ensurepip' sys; do \
    for name in python3.13 python3.12 python3.11 python3; do \
      if $$name -c "import $$needed; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; \
      then echo $$name; exit; fi; \
    done; \
  done; \
  echo python3)

# One stamp for a state of the projects, the lock and this folder: no timestamp to be misled by.
STATE := $(shell { pwd; cat pyproject.toml $(PLUGINS:%=%/pyproject.toml) $(LOCK); } 2>/dev/null \
  | cksum | tr -d ' ')
READY_TO_RUN := $(ENVIRONMENT)/.run-$(STATE)
READY_TO_TEST := $(ENVIRONMENT)/.test-$(STATE)

# Errors are shown, progress and warnings are not.
INSTALL := -m pip --disable-pip-version-check -qq install
INSTALL_EDITABLE := $(INSTALL) --constraint $(LOCK) --no-build-isolation --editable

define CHOOSE_PYTHON
chosen='$(PYTHON)'; \
"$$chosen" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
  echo "coopfx needs Python 3.11 or later, which '$$chosen' is not: install one, or name yours with make PYTHON=/path/to/python." >&2; \
  exit 1; }; \
"$$chosen" -c 'import venv, ensurepip' 2>/dev/null || { \
  echo "'$$chosen' cannot make a virtual environment, it lacks venv or ensurepip: install them (Debian and Ubuntu: apt-get install python3-venv), or name another Python with make PYTHON=/path/to/python." >&2; \
  exit 1; }
endef

# An environment that still works is kept, with what it holds.
define MAKE_ENVIRONMENT
rm -f $(ENVIRONMENT)/.run-* $(ENVIRONMENT)/.test-*; \
$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
  $(CHOOSE_PYTHON); \
  echo "Making $(ENVIRONMENT) with $$chosen"; \
  "$$chosen" -m venv --clear $(ENVIRONMENT); }
endef

# The programs that some tests open pages and workbooks in. Where they are not there and cannot be
# installed, those tests are left out, and the end of test-all tells which.
define INSTALL_PROGRAMS
lacking=''; \
command -v chromium >/dev/null || lacking="chromium"; \
command -v soffice >/dev/null || lacking="$$lacking libreoffice-calc-nogui"; \
command -v npm >/dev/null || lacking="$$lacking npm"; \
if [ -n "$$lacking" ] && [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then \
  echo "Installing $$lacking"; \
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $$lacking; } >/dev/null 2>&1 \
    || echo "apt-get could not install $$lacking." >&2; \
fi
endef

.PHONY: demo test test-all soak bench lint types laws proofs hooks docs pages page lock clean
.NOTPARALLEL:

demo: $(READY_TO_RUN)
	@$(BIN)/coopfx run policies/alma

# Tests start hundreds of processes: compiled modules are kept, whatever Python was told elsewhere.
test test-all soak: export PYTHONDONTWRITEBYTECODE :=

test: $(READY_TO_TEST)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --durations=10

# With ALREADY=test, only those that make test leaves out: .ci/run has just run the others.
test-all: $(READY_TO_TEST)
	@$(INSTALL_PROGRAMS)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -r s \
	  -m "not soak$(if $(filter test,$(ALREADY)), and ($(BEYOND)))"

soak: $(READY_TO_TEST)
	@$(BIN)/python -m pytest -n $(WORKERS) -m soak

bench: $(READY_TO_TEST)
	@$(BIN)/python tests/bench/run.py

lint: $(READY_TO_TEST)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(READY_TO_TEST)
	@$(BIN)/mypy
	@$(BIN)/python tests/truth/unknown_truth.py

# Writes docs/laws.md anew, from the laws' texts.
hooks: $(READY_TO_TEST)
	@$(BIN)/python docs/write_hooks.py

laws: $(READY_TO_TEST)
	@$(BIN)/python docs/write_laws.py

# Writes docs/proofs.md anew: what is proved of every statute that is published here.
proofs: $(READY_TO_TEST)
	@$(BIN)/python docs/write_proofs.py

docs: $(READY_TO_TEST)
	@$(BIN)/python -m pytest tests/docs

# The pages of docs/diagnostics/, one a code, from what grammars/ says.
pages: $(READY_TO_TEST)
	@$(BIN)/python -m coopfx.apps.cli.pages docs/diagnostics

# The page that needs nothing installed, as a folder for any web server; Node.js builds it.
page: $(READY_TO_TEST)
	@$(BIN)/python plugins/coopfx-page/build.py dist/page

# The newest versions that the projects allow, tried together; the projects themselves stay out.
lock:
	@set -e; $(CHOOSE_PYTHON); \
	scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	"$$chosen" -m venv "$$scratch/venv"; \
	"$$scratch/venv/bin/python" $(INSTALL) ".[dev]" $(PLUGINS:%=./%); \
	"$$scratch/venv/bin/python" -m pip freeze >"$$scratch/frozen"; \
	{ echo "# Written by make lock from every pyproject.toml; not edited by hand."; \
	  grep -v ' @ ' "$$scratch/frozen"; } >$(LOCK)

clean:
	rm -rf $(ENVIRONMENT) build dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The build backend is installed too, from the lock: editable installs then need no isolated build.
$(READY_TO_RUN):
	@set -e; $(MAKE_ENVIRONMENT)
	@echo "Installing coopfx for one cooperative"
	@$(BIN)/python $(INSTALL) --constraint $(LOCK) hatchling editables
	@$(BIN)/python $(INSTALL_EDITABLE) ".[proof]" $(FOR_ONE:%=--editable ./%)
	@touch $@

$(READY_TO_TEST):
	@set -e; $(MAKE_ENVIRONMENT)
	@echo "Installing coopfx, its plugins and what the tests need"
	@$(BIN)/python $(INSTALL) --requirement $(LOCK)
	@$(BIN)/python $(INSTALL_EDITABLE) ".[dev]" $(PLUGINS:%=--editable ./%)
	@touch $(READY_TO_RUN) $@
