// Images of files.
import type { FilePreviewView } from '../contract.gen';

// As the source of an <img> none of these, SVG included, runs code.
const SHOWN = /^image\/(?:png|jpeg|gif|webp|bmp|avif|tiff|svg\+xml)$/;

/** The source of the image that a look into a file holds; empty where there is none that can be shown. */
export function imageSource({ image, media_type }: FilePreviewView): string {
  return image !== null && SHOWN.test(media_type) && /^[\w+/=\s]*$/.test(image)
    ? `data:${media_type};base64,${image}`
    : '';
}
