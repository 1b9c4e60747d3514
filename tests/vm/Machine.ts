/** A graphics card of the machine. */
export type Gpu =
  | { readonly kind: 'virtio'; readonly outputs: number }
  | { readonly kind: 'bochs' | 'cirrus' };

/** What shapes the machine. Machines of the same shape start from the same saved one. */
export interface Machine {
  /** MiB. Above 2048 some memory has addresses that cirrus cannot reach. */
  readonly memory: number;
  readonly cpus: number;
  readonly gpus: readonly Gpu[];
  /** More of the kernel's command line. */
  readonly kernelParameters: string;
}

export const defaultMachine: Machine = {
  memory: 2048,
  cpus: 2,
  gpus: [{ kind: 'virtio', outputs: 2 }, { kind: 'bochs' }],
  kernelParameters: '',
};

export const screen = { width: 1024, height: 768 } as const;

/** PCI addresses are fixed, so that names made from them are. */
const addresses = { serial: 0x08, random: 0x09, input: 0x0a, gpu: 0x10 } as const;

const kernelCommandLine = [
  'console=tty0 console=ttyS0 quiet loglevel=4',
  'mitigations=off nokaslr audit=0 apparmor=0 selinux=0',
  // Emulated clocks and timers look broken to the kernel on a busy host.
  'random.trust_cpu=on tsc=reliable no_timer_check',
  'net.ifnames=0',
].join(' ');

/** QEMU's parameters for all that a saved machine depends on. */
export function shapeParameters(machine: Machine, kernel: string, initramfs: string): string[] {
  return [
    ...['-M', 'q35,usb=off,smbus=off,sata=off,i8042=off', '-accel', 'tcg,thread=multi,tb-size=1024'],
    ...['-cpu', 'max', '-smp', String(machine.cpus), '-m', String(machine.memory)],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-vga', 'none'],
    ...['-kernel', kernel, '-initrd', initramfs],
    ...['-append', `${kernelCommandLine} ${machine.kernelParameters}`],
    ...['-device', `virtio-serial-pci,id=ports,${at(addresses.serial)}`],
    ...['-device', 'virtserialport,chardev=agent,name=vm.agent'],
    ...['-device', 'virtserialport,chardev=control,name=vm.control'],
    ...['-object', 'rng-random,id=random,filename=/dev/urandom'],
    ...['-device', `virtio-rng-pci,rng=random,${at(addresses.random)}`],
    ...machine.gpus.flatMap((gpu, index) => ['-device', gpuDevice(gpu, index)]),
    ...inputDevices(machine).flatMap((device, index) => [
      '-device',
      `${device},${at(addresses.input + index)}`,
    ]),
  ];
}

/** QEMU's parameters for where this machine's files and sockets are; `work` is the folder in which it works. */
export function placeParameters(machine: Machine, folder: string, work: string): string[] {
  const socket = (name: string) => `socket,id=${name},path=${folder}/${name},server=on,wait=off`;
  const share = (tag: string, path: string) =>
    `local,path=${path},mount_tag=${tag},security_model=none,multidevs=remap`;
  return [
    ...['-serial', `file:${folder}/console.log`],
    ...['-chardev', socket('agent'), '-chardev', socket('control')],
    ...['-chardev', socket('qmp'), '-mon', 'chardev=qmp,mode=control'],
    ...['-virtfs', `${share('host', '/')},readonly=on`, '-virtfs', `${share('work', work)},readonly=on`],
    ...['-virtfs', share('out', `${folder}/out`)],
    ...displays(machine).flatMap((display) => ['-vnc', `unix:${folder}/${vncSocket(display)},${display}`]),
    ...(displays(machine).length === 0 ? ['-display', 'none'] : []),
  ];
}

/** The name of the socket on which an output's VNC server listens. */
export const vncSocketOf = (gpu: number, head: number): string => vncSocket(vncDisplay(gpu, head));

const at = (address: number): string => `bus=pcie.0,addr=${address.toString(16)}`;

function gpuDevice(gpu: Gpu, index: number): string {
  const size = `xres=${screen.width},yres=${screen.height}`;
  const place = `id=gpu${index},${at(addresses.gpu + index)}`;
  if (gpu.kind === 'virtio') return `virtio-gpu-pci,max_outputs=${gpu.outputs},${size},${place}`;
  return gpu.kind === 'bochs' ? `bochs-display,${size},${place}` : `cirrus-vga,${place}`;
}

/** A keyboard and a mouse for the first card, a tablet, and a keyboard and a mouse of their own for the second. */
function inputDevices({ gpus }: Machine): string[] {
  const second =
    gpus.length > 1 ? ['keyboard', 'mouse'].map((kind) => `${kind}-pci,id=${kind}1,display=gpu1`) : [];
  return ['keyboard-pci,id=keyboard0', 'mouse-pci,id=mouse0', 'tablet-pci,id=tablet0', ...second].map(
    (device) => `virtio-${device}`,
  );
}

const vncDisplay = (gpu: number, head: number): string =>
  `display=gpu${gpu},head=${head},id=vnc${gpu}-${head}`;
const vncSocket = (display: string): string => display.slice(display.lastIndexOf('=') + 1);

function displays({ gpus }: Machine): string[] {
  return gpus.flatMap((gpu, index) =>
    gpu.kind === 'virtio' ? Array.from({ length: gpu.outputs }, (_, head) => vncDisplay(index, head)) : [],
  );
}
