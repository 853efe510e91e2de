import { createVolume, openVolume, type Volume, type VolumeHead, type VolumeOptions } from './volume.ts'

/** How volumes are made and opened: LMDB, or a test's wrapper that fails on purpose. */
export interface VolumeDriver {
  create(options: VolumeOptions, head: Omit<VolumeHead, 'version'>): Promise<Volume>
  open(options: VolumeOptions): Volume
}

export const lmdbVolumes: VolumeDriver = { create: createVolume, open: openVolume }
