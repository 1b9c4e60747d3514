/** The bus's own name and object (specification, "Message Bus Specification"). */
export const driverName = 'org.freedesktop.DBus';
export const driverPath = '/org/freedesktop/DBus';
