/**
 * What a pointer can look like by name: CSS has the same ones as wp_cursor_shape_device_v1, whose numbers are these
 * places, from 1. Who shows the monitor draws them as its own pointers look.
 */
export const cursorShapes = [
  ...(['default', 'context-menu', 'help', 'pointer', 'progress', 'wait', 'cell', 'crosshair'] as const),
  ...([
    'text',
    'vertical-text',
    'alias',
    'copy',
    'move',
    'no-drop',
    'not-allowed',
    'grab',
    'grabbing',
  ] as const),
  ...(['e-resize', 'n-resize', 'ne-resize', 'nw-resize', 's-resize', 'se-resize', 'sw-resize'] as const),
  ...(['w-resize', 'ew-resize', 'ns-resize', 'nesw-resize', 'nwse-resize', 'col-resize'] as const),
  ...(['row-resize', 'all-scroll', 'zoom-in', 'zoom-out'] as const),
];

export type CursorShape = (typeof cursorShapes)[number];

/** A cursor that is no picture. */
export type CursorName = CursorShape | 'hidden';
