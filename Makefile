# The manual of this house: `make` alone prints it. Every target says what it does in its `##` line.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test check faults security bench scale run doctor

help: ## This manual
	@echo 'Qinke 亲客: the customer-service desk that an online shop runs itself.'
	@echo 'Needs Debian 12 and Swift 6.1 or later in PATH; everything else is installed by the targets below.'
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo 'More arguments go in ARGS, as in:  make demo ARGS="--port 9000"     make run ARGS="--help"'
	@echo 'The first debug build takes about 5 minutes on 2 cores, the first release build about 10.'
	@echo 'Next pages: README.md (中文: README.zh-CN.md), ARCHITECTURE.md, Docs/operating.md, Docs/api.md.'

demo: ## A shop with a history and simulated buyers on loopback; prints three addresses and their log-ins
	@Scripts/setup build
	@Scripts/build
	@exec .build/debug/qinke demo $(ARGS)

test: ## Everything: checks, Swift tests, browser-module tests, whole stories in real Chromium; ends with the counts
	@Scripts/test

check: ## The quick part of `test`: format, walls between targets, words in both languages, types, documents
	@Scripts/setup
	@Scripts/check

faults: ## Kills, pauses, cuts off, fills up and slows down running servers, and proves that nothing was lost by it
	@Scripts/setup faults
	@Scripts/build
	@Scripts/faults $(ARGS)
	@Scripts/rolling

security: ## Foreign ids, log-in, uploads, logs, policies and fuzzers; Docs/threat-model.md names the test of each threat
	@Scripts/setup
	@Scripts/security $(ARGS)

bench: ## Measures throughput, latency, memory and search beside their ceilings; writes Docs/bench.md (release build)
	@Scripts/setup build
	@Scripts/bench $(ARGS)

scale: ## Measures how each arrangement bends and how a store grows; writes Docs/scale.figures.md (most of an hour)
	@Scripts/setup build
	@Scripts/scale $(ARGS)

run: ## The server by itself, for a real shop: `qinke serve` with ARGS; the data is one file
	@Scripts/setup build
	@Scripts/build
	@exec .build/debug/qinke serve $(ARGS)

doctor: ## Looks at the machine, the settings and the data, and says in words what is wrong
	@Scripts/setup build
	@Scripts/build
	@exec .build/debug/qinke doctor $(ARGS)
