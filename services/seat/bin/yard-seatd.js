#!/usr/bin/env node
import '../dist/yard-seatd.js';
