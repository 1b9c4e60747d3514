#!/usr/bin/env node
import { program } from './program.js';

const { openSession } = await program('login/openSession');
process.exitCode = await openSession(process.argv.slice(2));
