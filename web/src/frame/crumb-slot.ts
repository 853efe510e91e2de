'use client'
import { createContext } from 'react'

/** The place in the top bar into which a page draws its title. */
export const CrumbSlot = createContext<HTMLElement | null>(null)
