import type { Command } from 'commander';
import { callCommand } from './bus/call.js';
import { captureCommand } from './bus/capture.js';
import { codegenCommand } from './bus/codegen.js';
import { completeCommand } from './bus/complete.js';
import { emitCommand } from './bus/emit.js';
import { introspectCommand } from './bus/introspect.js';
import { listCommand } from './bus/list.js';
import { monitorCommand } from './bus/monitor.js';
import { namesCommand } from './bus/names.js';
import { propertyCommands } from './bus/properties.js';
import { serveCommand } from './bus/serve.js';
import { topCommand } from './bus/top.js';
import { treeCommand } from './bus/tree.js';

/** `yard bus`: the message bus, ours or any other. */
export function busCommands(program: Command): void {
  const bus = program
    .command('bus')
    .description('the message bus: look at it, call, watch, capture, run one');
  for (const add of [
    listCommand,
    namesCommand,
    treeCommand,
    introspectCommand,
    callCommand,
    propertyCommands,
    emitCommand,
    monitorCommand,
    captureCommand,
    topCommand,
    codegenCommand,
    serveCommand,
    completeCommand,
  ])
    add(bus);
}
