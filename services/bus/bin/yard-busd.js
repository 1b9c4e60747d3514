#!/usr/bin/env node
import '../dist/yard-busd.js';
