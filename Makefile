# Chimera: `make run` starts it, `make test` proves it. Everything either needs is set up on the way.

export UV_SYSTEM_CERTS := 1
export UV_PYTHON_DOWNLOADS := never
export UV_COMPILE_BYTECODE := 1
export UV_NO_PROGRESS := 1
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

uv := .tools/bin/uv
python := .venv/bin/python
packages := app components pages migrations main.py

.NOTPARALLEL:
.PHONY: run test lint bench check lock chromium compiled image-check clean

run: .venv/.runtime compiled
	@exec $(python) main.py

test: .venv/.dev chromium
	$(python) -m pytest -n 2 $(ARGS)

lint: .venv/.dev
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m pyright
	.venv/bin/lint-imports --no-cache
	.venv/bin/deptry .
	.venv/bin/codespell
	.venv/bin/hadolint Dockerfile

bench: .venv/.dev compiled
	$(python) -m bench $(or $(ARGS),--list)

check: lint test

# Chooses every version anew, all sets together so that they agree. Only ever on purpose; look at the difference before you commit it.
# A release counts when it is two weeks old: a poisoned one is usually found within days.
lock: $(uv)
	@rm -rf .tools/lock && mkdir -p .tools/lock && cp pyproject.toml .tools/lock/
	@$(index) cd .tools/lock && ../bin/uv lock --exclude-newer '14 days' --exclude-newer-package uv=2026-11-18
	@cd .tools/lock && for set in 'runtime --no-default-groups' 'dev --group dev' 'tools --only-group tools' 'bench --only-group peers'; do \
		../bin/uv export -q --frozen --no-header --no-annotate --no-emit-project $${set#* } -o ../../requirements/$${set%% *}.txt; \
	done

# Builds and runs the image where buildah is; takes two minutes.
image-check:
	.ci/image-check

clean:
	rm -rf .venv .tools .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# --- set-up: each step leaves a stamp and runs again only when what it was made from has changed

.venv/.runtime: requirements/runtime.txt $(uv)
	@$(make_venv)
	@echo 'Installing what Chimera needs ...'
	@$(index) $(uv) pip install -q --python $(python) --require-hashes -r requirements/runtime.txt
	@touch $@

.venv/.dev: requirements/dev.txt $(uv)
	@$(make_venv)
	@echo 'Installing what Chimera and its tests need ...'
	@$(index) $(uv) pip install -q --python $(python) --require-hashes -r requirements/dev.txt
	@touch .venv/.runtime $@

# The environment of AutoGen, which `python -m bench engine` asks for; nothing of it comes near Chimera's own.
.tools/peers/.ready: requirements/bench.txt $(uv)
	@$(find_python); $(uv) venv -q --clear --python "$$py" .tools/peers
	@echo 'Installing what Chimera is measured against ...'
	@$(index) $(uv) pip install -q --python .tools/peers --require-hashes -r requirements/bench.txt
	@touch $@

# --target: works without a venv module and where the system Python must not be touched
$(uv): requirements/tools.txt
	@$(find_python); rm -rf .tools; \
	PIP_USER=0 $$py -m pip install -qq --disable-pip-version-check --root-user-action=ignore --no-deps --require-hashes \
		--only-binary :all: --target .tools -r requirements/tools.txt
	@touch $@

# Also when the environment forbids bytecode: a start without it takes twice as long.
compiled:
	@$(python) -m compileall -q $(wildcard $(packages))

chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo 'Installing Chromium for the browser tests ...'; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
		else \
			echo 'The browser tests need Chromium. Please install it (on Debian: sudo apt-get install chromium), then repeat.' >&2; exit 1; \
		fi; }

define make_venv
$(python) -c '' 2>/dev/null || { $(find_python); $(uv) venv -q --clear --python "$$py" .venv; }
endef

define find_python
for py in python3 python3.13 python3.12 python3.11 ''; do \
	$$py -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && break; done; \
[ -n "$$py" ] || { echo 'Chimera needs Python 3.11, 3.12 or 3.13; please install one of them.' >&2; exit 1; }
endef

# uv reads no pip configuration: hand over the package index that this machine uses, if it names one.
define index
index="$${PIP_INDEX_URL:-$$(python3 -m pip config get global.index-url 2>/dev/null)}"; \
[ -z "$$index" ] || export UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$$index}";
endef
