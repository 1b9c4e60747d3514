import type { Region } from '@switchyard/pixels';
import type { Swapchain } from '../output/Swapchain.js';
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
  /** Where pixels that are about to change can be copied to be shown, while the surface is all that is shown. */
  directly(surface: Surface): Swapchain | undefined;
  surfaceDestroyed(surface: Surface): void;
}
