import { type BusLink, type CallContext, DBusError, type Interface } from '@switchyard/dbus';
import type { SplashScreen } from './SplashScreen.js';

const NAME = 'org.switchyard.Splash';
const PATH = '/org/switchyard/Splash1';
const TEXT_LIMIT = 1024;

/** org.switchyard.Splash1: for root and our own user, what the splash of a seat shows. */
export function serveSplash(link: BusLink, screen: SplashScreen, quit: () => void): void {
  const allowed = async (context: CallContext, text = ''): Promise<void> => {
    const { uid } = await context.credentials();
    if (uid !== 0 && uid !== process.getuid?.())
      throw new DBusError(
        'org.freedesktop.DBus.Error.AccessDenied',
        `the splash is root's and uid ${process.getuid?.()}'s, not uid ${uid}'s`,
      );
    if (text.length > TEXT_LIMIT)
      throw new DBusError(
        'org.freedesktop.DBus.Error.InvalidArgs',
        `a text has at most ${TEXT_LIMIT} characters`,
      );
  };
  const splash: Interface = {
    name: 'org.switchyard.Splash1',
    methods: {
      Progress: {
        in: 'ds',
        inNames: ['fraction', 'status'],
        call: async (context: CallContext, fraction: number, status: string) => {
          await allowed(context, status);
          screen.progress = fraction;
          screen.status = status;
        },
      },
      ShowMessage: {
        in: 's',
        inNames: ['text'],
        call: async (context: CallContext, text: string) => {
          await allowed(context, text);
          screen.showMessage(text);
        },
      },
      HideMessage: {
        in: 's',
        inNames: ['text'],
        call: async (context: CallContext, text: string) => {
          await allowed(context, text);
          screen.hideMessage(text);
        },
      },
      Quit: {
        call: async (context: CallContext) => {
          await allowed(context);
          quit();
        },
      },
    },
  };
  link.export(PATH, splash);
  // A second splash has no name; whoever was first is spoken to.
  link.own(NAME, 0, () => {});
}
