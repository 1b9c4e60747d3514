#!/usr/bin/env node
import { openSession } from '../dist/login/openSession.js';

process.exitCode = await openSession(process.argv.slice(2));
