import { expect, it } from 'vitest';
import { introspectionXml } from './Introspection.js';

it("an interface is described as the specification's DTD wants it", () => {
  const xml = introspectionXml(
    [
      {
        name: 'org.example.I',
        methods: {
          Do: { in: 'sa{sv}', out: 'u', inNames: ['text', 'map'], deprecated: true, noReply: true },
        },
        properties: { P: { type: 'i', set: () => {} }, C: { type: 's', emits: 'const' } },
        signals: { S: { args: 'us', names: ['count'] } },
      },
    ],
    ['child'],
  );
  expect(xml).toContain('<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"');
  expect(xml.slice(xml.indexOf('<node>'))).toBe(`<node>
 <interface name="org.example.I">
  <method name="Do">
   <arg name="text" type="s" direction="in"/>
   <arg name="map" type="a{sv}" direction="in"/>
   <arg type="u" direction="out"/>
   <annotation name="org.freedesktop.DBus.Method.NoReply" value="true"/>
   <annotation name="org.freedesktop.DBus.Deprecated" value="true"/>
  </method>
  <signal name="S">
   <arg name="count" type="u"/>
   <arg type="s"/>
  </signal>
  <property name="P" type="i" access="readwrite">
   <annotation name="org.freedesktop.DBus.Property.EmitsChangedSignal" value="true"/>
  </property>
  <property name="C" type="s" access="read">
   <annotation name="org.freedesktop.DBus.Property.EmitsChangedSignal" value="const"/>
  </property>
 </interface>
 <node name="child"/>
</node>
`);
});
