import type { Region } from '@switchyard/pixels';
import type { Surface } from './Surface.js';

/** Whoever shows surfaces. */
export interface SurfaceHost {
  /** `damage`, in surface units, differs from what was shown. Called only while nothing else changed. */
  surfaceDamaged(surface: Surface, damage: Region): void;
  /** Size, place, order or visibility in the tree that the surface belongs to changed. */
  treeChanged(surface: Surface): void;
  /** The surface waits for its frame callbacks. */
  frameRequested(surface: Surface): void;
  /** It is to be seen on other outputs than before. */
  outputsChanged(surface: Surface): void;
  surfaceDestroyed(surface: Surface): void;
}
