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
import { camelCase, enumName, parameterName, pascalCase } from './Names.js';
import type { InterfaceModel, Message } from './Protocol.js';
import type { Source } from './Source.js';

const server: Side = { objects: 'Resource' };

/** The server's half of an interface: the requests' handler and the resource with a sender for each event. */
export function emitResource(source: Source, model: InterfaceModel, imports: ModuleImports): void {
  const resource = objectName(server, model.name);
  const handler = handlerName(server, model.name);
  if (model.requests.length > 0) {
    source.doc(`What a server does with the requests of ${model.name}.`);
    source.block(`export interface ${handler}`, () => {
      for (const request of model.requests) {
        const parameters = request.arguments.map(
          (argument) => `${parameterName(argument.name)}: ${incomingType(argument, server, imports)}`,
        );
        source.doc(...messageDoc(request, model, 'incoming'));
        source.line(
          `${camelCase(request.name)}(${[`resource: ${resource}`, ...parameters].join(', ')}): void;`,
        );
      }
    });
    source.line();
  }
  const handlerType = model.requests.length > 0 ? handler : 'undefined';
  const hasErrors = model.enums.some(({ name }) => name === 'error');
  const types = hasErrors ? `${handlerType}, ${enumName(model.name, 'error')}` : handlerType;
  source.doc(`A client's ${model.name}, as the server holds it.`);
  source.block(`export class ${resource} extends Resource<${types}>`, () => {
    source.line(`static readonly interface: Interface = ${model.name};`).line();
    source.block('override get interface(): Interface', () => source.line(`return ${model.name};`));
    for (const event of model.events) {
      source.line();
      emitSender(source, model, event, imports);
    }
    source.line();
    emitDispatch(source, model.requests, imports);
  });
  source.line();
}

function emitSender(source: Source, model: InterfaceModel, event: Message, imports: ModuleImports): void {
  const parameters = event.arguments.map((argument) => {
    if (argument.type === 'new_id' && argument.interface === undefined) {
      throw new Error(`${model.name}.${event.name}: an event with an untyped new_id cannot be sent`);
    }
    return `${parameterName(argument.name)}: ${outgoingType(argument, model, server, imports)}`;
  });
  source.doc(...messageDoc(event, model, 'outgoing'));
  source.block(`send${pascalCase(event.name)}(${parameters.join(', ')}): void`, () => {
    source.line(`const message = this.event(${event.opcode}, ${event.since});`);
    const fds = event.arguments.filter(({ type }) => type === 'fd').map(({ name }) => parameterName(name));
    if (fds.length === 0) source.line('if (message === undefined) return;');
    else {
      source.block('if (message === undefined)', () => {
        for (const fd of fds) source.line(`${fd}.close();`);
        source.line('return;');
      });
    }
    for (const argument of event.arguments) source.line(writeStatement(argument));
    source.line('message.end();');
    if (event.destructor) source.line('this.destroy();');
  });
}

function emitDispatch(source: Source, requests: readonly Message[], imports: ModuleImports): void {
  if (requests.length === 0) {
    source.line('override dispatch(): void {}');
    return;
  }
  source.block('override dispatch(opcode: number, message: MessageReader): void', () => {
    source.block('switch (opcode)', () => {
      for (const request of requests) {
        source.block(`case ${request.opcode}:`, () => {
          const names = request.arguments.map(({ name }) => parameterName(name));
          for (const argument of request.arguments) {
            source.line(
              `const ${parameterName(argument.name)} = ${readExpression(argument, server, imports)};`,
            );
          }
          source.line('message.end();');
          source.line(`this.handler.${camelCase(request.name)}(${['this', ...names].join(', ')});`);
          source.line('return;');
        });
      }
    });
  });
}
