export { Fd } from '@switchyard/sys';
export * from './Address.js';
export * from './BodyArguments.js';
export * from './BusExtension.js';
export * from './BusLink.js';
export type { Call, CallOptions, Emission } from './Call.js';
export * from './Connection.js';
export { interfaceModule, type ModuleOptions } from './codegen/InterfaceModule.js';
export * from './DBusError.js';
export * from './ExtensionField.js';
export { closeFdsIn } from './FdsIn.js';
export * from './Frame.js';
export * from './FrameReader.js';
export type {
  CallContext,
  Interface,
  InterfaceDescription,
  Method,
  PeerIdentity,
  Property,
  Signal,
} from './Interface.js';
export { introspectionXml } from './introspection/Introspection.js';
export { childPath, type IntrospectedNode, parseIntrospection } from './introspection/IntrospectionReader.js';
export { machineId } from './MachineId.js';
export { type ManagedObject, ManagedObjects, type ManagedObjectsHandlers } from './ManagedObjects.js';
export * from './MatchRule.js';
export * from './Message.js';
export { type Capabilities, MessageMetadata } from './MessageMetadata.js';
export { MessageStream, type StreamOptions } from './MessageStream.js';
export { Monitor, type MonitorHandler, type MonitorOptions } from './Monitor.js';
export * from './NameFlag.js';
export type { NameWatcher } from './NameOwners.js';
export * from './Names.js';
export { checkSealed, Payload } from './Payload.js';
export { Reader } from './Reader.js';
export { RemoteObject as Proxy } from './RemoteObject.js';
export { SaslClient } from './SaslClient.js';
export { SaslServer, type SaslServerOptions } from './SaslServer.js';
export * from './Signature.js';
export type { Match } from './Subscriptions.js';
export { ExportedObject, implement } from './typed/ExportedObject.js';
export { InterfaceProxy } from './typed/InterfaceProxy.js';
export { defineInterface, type InterfaceTypes, type TypedInterface } from './typed/InterfaceTypes.js';
export { Variant } from './Variant.js';
export { maximumArrayLength, maximumDepth, maximumFds, Writer } from './Writer.js';
