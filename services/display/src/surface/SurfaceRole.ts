import type { Surface } from './Surface.js';
import type { SurfaceState } from './SurfaceState.js';

/** What wl_surface calls roles; a surface has one for its whole life. */
export type SurfaceRoleName =
  | 'xdg_toplevel'
  | 'xdg_popup'
  | 'subsurface'
  | 'cursor'
  | 'drag icon'
  | 'input popup'
  | 'lock surface';

/** The object that plays a surface's role. */
export interface SurfaceRole {
  /** undefined while an xdg_surface has not got its role object. */
  readonly name: SurfaceRoleName | undefined;
  /** The role lets the surface be shown, once it has content. */
  readonly mapped: boolean;
  /** Commits wait for the parent's: a synchronized sub-surface. */
  readonly synchronized?: boolean;
  /** A sub-surface's parent. */
  readonly parentSurface?: Surface | undefined;
  /** A buffer is attached. False when it has posted an error. */
  checkAttach?(): boolean;
  /** At wl_surface.commit, before anything changes. False when it has posted an error. */
  checkCommit?(pending: SurfaceState): boolean;
  /** The state has become current. */
  applied?(): void;
  surfaceDestroyed?(): void;
  /** A sub-surface's parent is gone. */
  parentDestroyed?(): void;
}
