/**
 * Node reads the file of certificates that this names at each start, which then takes three times as long. No program of
 * ours asks a server of another machine, so they start without it; what they start for people has it again.
 */
const CERTIFICATES = 'NODE_EXTRA_CA_CERTS';
const ASIDE = 'YARD_NODE_EXTRA_CA_CERTS';

/** For a program of ours. */
export function quickStartEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { [CERTIFICATES]: certificates, ...rest } = environment;
  return certificates === undefined ? rest : { ...rest, [ASIDE]: certificates };
}

/** For what a program of ours starts that is none: as the person who started the tree had it. */
export function givenEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { [ASIDE]: certificates, ...rest } = environment;
  return certificates === undefined ? rest : { ...rest, [CERTIFICATES]: certificates };
}
