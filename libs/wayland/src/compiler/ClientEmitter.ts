import {
  handlerName,
  incomingType,
  messageDoc,
  objectName,
  outgoingType,
  readExpression,
  type Side,
  writeStatement,
} from './Arguments.js';
import type { ModuleImports } from './ModuleImports.js';
import { camelCase, parameterName, proxyMethodName } from './Names.js';
import type { Argument, InterfaceModel, Message } from './Protocol.js';
import type { Source } from './Source.js';

const client: Side = { objects: 'Proxy' };

/** The client's half of an interface: the events' handler and the proxy with a method for each request. */
export function emitProxy(source: Source, model: InterfaceModel, imports: ModuleImports): void {
  const proxy = objectName(client, model.name);
  const handler = handlerName(client, model.name);
  if (model.events.length > 0) {
    source.doc(`What a client does with the events of ${model.name}.`);
    source.block(`export interface ${handler}`, () => {
      for (const event of model.events) {
        const parameters = event.arguments.map(
          (argument) => `${parameterName(argument.name)}: ${incomingType(argument, client, imports)}`,
        );
        source.doc(...messageDoc(event, model, 'incoming'));
        source.line(`${camelCase(event.name)}(${[`proxy: ${proxy}`, ...parameters].join(', ')}): void;`);
      }
    });
    source.line();
  }
  source.doc(`A server's ${model.name}, as the client holds it.`);
  const handlerType = model.events.length > 0 ? handler : 'undefined';
  source.block(`export class ${proxy} extends ObjectProxy<${handlerType}>`, () => {
    source.line(`static readonly interface: Interface = ${model.name};`).line();
    source.block('override get interface(): Interface', () => source.line(`return ${model.name};`));
    for (const request of model.requests) {
      source.line();
      emitRequest(source, model, request, imports);
    }
    source.line();
    emitDispatch(source, model.events, imports);
  });
  source.line();
}

function emitRequest(source: Source, model: InterfaceModel, request: Message, imports: ModuleImports): void {
  const newIds = request.arguments.filter(({ type }) => type === 'new_id');
  if (newIds.length > 1) throw new Error(`${model.name}.${request.name}: more than one new_id in a request`);
  const newId = newIds[0];
  const plain = request.arguments.filter((argument) => argument !== newId);
  const parameters = plain.map(
    (argument) => `${parameterName(argument.name)}: ${outgoingType(argument, model, client, imports)}`,
  );
  const created = newId === undefined ? undefined : creation(newId, imports);
  const signature = `(${[...parameters, ...(created?.parameters ?? [])].join(', ')}): ${created?.type ?? 'void'}`;
  source.doc(...messageDoc({ ...request, arguments: plain }, model, 'outgoing'));
  source.block(`${proxyMethodName(request.name)}${created?.generics ?? ''}${signature}`, () => {
    // Names are resolved before the new id is taken: a mistake in them must not leave a gap in the ids.
    for (const argument of plain) {
      if (argument.type !== 'object') continue;
      const name = parameterName(argument.name);
      source.line(`const ${name}Id = this.reference(${name});`);
    }
    source.line(`const message = this.request(${request.opcode}, ${request.since});`);
    if (created !== undefined) source.line(`const created = ${created.expression};`);
    source.block('if (message !== undefined)', () => {
      for (const argument of request.arguments) {
        if (argument === newId) for (const line of created!.writes) source.line(line);
        else if (argument.type === 'object') source.line(`message.uint(${parameterName(argument.name)}Id);`);
        else source.line(writeStatement(argument));
      }
      source.line('message.end();');
    });
    const fds = plain.filter(({ type }) => type === 'fd').map(({ name }) => parameterName(name));
    if (fds.length > 0) source.line(`else { ${fds.map((fd) => `${fd}.close();`).join(' ')} }`);
    if (request.destructor) source.line('this.forget();');
    if (created !== undefined) source.line('return created;');
  });
}

type Creation = {
  generics: string;
  parameters: string[];
  type: string;
  expression: string;
  writes: string[];
};

function creation(newId: Argument, imports: ModuleImports): Creation {
  if (newId.interface === undefined) {
    return {
      generics: '<P extends ObjectProxy>',
      parameters: ['type: ProxyClass<P>', 'version: number', '...handler: HandlerOf<P>'],
      type: 'P',
      expression: 'this.create(type, version, (handler as readonly unknown[])[0])',
      writes: ['message.string(type.interface.name);', 'message.uint(version);', 'message.uint(created.id);'],
    };
  }
  const type = imports.use(newId.interface, objectName(client, newId.interface));
  const hasEvents = imports.home(newId.interface).model.events.length > 0;
  const handler = hasEvents
    ? imports.useType(newId.interface, handlerName(client, newId.interface))
    : undefined;
  return {
    generics: '',
    parameters: handler === undefined ? [] : [`handler: ${handler}`],
    type,
    expression: `this.create(${type}, this.version, ${handler === undefined ? 'undefined' : 'handler'})`,
    writes: ['message.uint(created.id);'],
  };
}

function emitDispatch(source: Source, events: readonly Message[], imports: ModuleImports): void {
  if (events.length === 0) {
    source.line('override dispatch(): void {}');
    return;
  }
  source.block('override dispatch(opcode: number, message: MessageReader): void', () => {
    source.block('switch (opcode)', () => {
      for (const event of events) {
        source.block(`case ${event.opcode}:`, () => {
          const names = event.arguments.map(({ name }) => parameterName(name));
          for (const argument of event.arguments) {
            source.line(
              `const ${parameterName(argument.name)} = ${readExpression(argument, client, imports)};`,
            );
          }
          source.line('message.end();');
          source.line(
            `if (this.wanted) this.handler.${camelCase(event.name)}(${['this', ...names].join(', ')});`,
          );
          source.line('return;');
        });
      }
    });
  });
}
