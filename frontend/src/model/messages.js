// @ts-check

/**
 * JSON messages and answers, as docs/wire-protocol.md describes them.
 */

/**
 * @typedef {object} RegionInfo
 * @property {number} index
 * @property {string} name
 * @property {string} base hex
 * @property {string | null} gpaBase hex
 * @property {number} pages
 * @property {string} backing
 * @property {string[] | string | number} modes
 * @property {boolean} inferred
 * @property {number} initial the state that its pages begin with
 */

/**
 * @typedef {object} ActorInfo
 * @property {number} index
 * @property {string} kind
 * @property {string} name
 * @property {string} label
 * @property {number} tid -1 where there is none
 * @property {number} vcpu -1 where there is none
 */

/**
 * @typedef {object} Progress
 * @property {'loading' | 'running' | 'complete' | 'failed' | 'cancelled' | 'partial'} state
 * @property {number} bytesRead
 * @property {number} bytesTotal
 * @property {string | null} message
 */

/**
 * @typedef {object} EventInfo
 * @property {number} seq
 * @property {number} timeNs
 * @property {string} kind
 * @property {number} detail
 * @property {string} detailText
 * @property {number} flags
 * @property {number | null} region
 * @property {number} page
 * @property {number} pages
 * @property {number | null} actor
 * @property {number} before
 * @property {number} after
 * @property {number} errno
 * @property {string | null} errnoName
 * @property {number} cause
 */

/**
 * @typedef {object} QueueEntry
 * @property {number} seq
 * @property {number | null} actor
 * @property {number | null} region
 * @property {number} page
 * @property {number} flags
 * @property {number} sinceNs
 * @property {string} phase `pending`, `read` or `kernel`, in whatever case
 * @property {number | null} handler
 * @property {string} [origin] what it waits for: `uffd`, where it is not said, `stage2`, `kvm` or `host`
 */

/** @typedef {{pending: number, read: number, kernel?: number, entries: QueueEntry[]}} Queue `kernel`: how many wait for the kernel itself */

/** @typedef {{activity: string, sinceNs: number, seq: number}} Doing */

/**
 * @typedef {object} HelloMessage
 * @property {'hello'} type
 * @property {number} protocol
 * @property {number} epoch
 * @property {boolean} resumed
 * @property {{id: string, title: string, source: string, originNs: number}} recording
 */

/**
 * @typedef {object} MetaMessage
 * @property {'meta'} type
 * @property {RegionInfo[]} regions
 * @property {ActorInfo[]} actors
 * @property {number} events
 * @property {number} endNs
 * @property {boolean} complete
 * @property {number} notes
 * @property {number[]} states what the codes of page states from 0x8000 on stand for
 * @property {string | null} [origin] what its faults wait for: `uffd` where it has a userfaultfd, else `stage2`, `kvm` or `host`; null without any
 * @property {{version: string, settings: Record<string, string>} | null} kernel whose rules the events follow
 * @property {Progress} progress
 */

/**
 * @typedef {object} MomentMessage
 * @property {'moment'} type
 * @property {number} seq
 * @property {number} timeNs
 * @property {EventInfo | null} event
 * @property {string} narration
 * @property {Queue} queue
 * @property {Doing[]} actors
 * @property {boolean} playing
 * @property {boolean} following
 */

/**
 * @typedef {object} StatsMessage
 * @property {'stats'} type
 * @property {number} events
 * @property {number} endNs
 * @property {number} conflated
 * @property {number} unacked
 */

/**
 * @typedef {object} FoundMessage
 * @property {'found'} type
 * @property {string[]} queries those of what was asked for that the event satisfies
 * @property {number | null} seq
 * @property {number} direction
 * @property {number} scanned
 */

/**
 * @typedef {object} ErrorMessage
 * @property {'error'} type
 * @property {string} code
 * @property {string} message
 * @property {number} [position]
 */

/** @typedef {{type: 'run'} & import('./run-status.js').RunStatus} RunMessage */

/**
 * What somebody noted.
 *
 * @typedef {object} BookmarkInfo
 * @property {number} number tells it from the others of the recording
 * @property {number} seq
 * @property {number | null} timeNs null where the recording does not reach so far, or not yet
 * @property {number | null} region null, as the page, where it is about none
 * @property {number | null} page
 * @property {string} text may be empty
 */

/** All of them, by moment. @typedef {{type: 'bookmarks', bookmarks: BookmarkInfo[]}} BookmarksMessage */

/** @typedef {HelloMessage | MetaMessage | MomentMessage | StatsMessage | FoundMessage | ErrorMessage | RunMessage | BookmarksMessage} ServerMessage */

/** @typedef {{changes: import('./last-events.js').Last[], touches: import('./last-events.js').Last[], scanned: number, complete: boolean, next: number}} LastEventsAnswer */

/** @typedef {{runs: {region: number, page: number, pages: number, kind: string}[], complete: boolean}} ContentsAnswer */

/** @typedef {{touches: import('./touch-order.js').Touch[], scanned: number, complete: boolean, next: number}} FirstTouchesAnswer */

/**
 * @typedef {{type: 'hello', protocol: 1, resume: {epoch: number, seq: number} | null, seq?: number}
 *   | {type: 'ack', frames: number}
 *   | {type: 'view', region: number, first: number, count: number}
 *   | {type: 'tiles', tiles: {region: number, tile: number}[]}
 *   | {type: 'seek', seq: number} | {type: 'seek', timeNs: number}
 *   | {type: 'step', by: number, unit: 'event' | 'fault' | 'page' | 'actor', region?: number, page?: number, actor?: number}
 *   | {type: 'find', query: string, direction: 1 | -1}
 *   | {type: 'find', queries: string[], direction: 1 | -1}
 *   | {type: 'play', eventsPerSecond: number} | {type: 'play', timeScale: number}
 *   | {type: 'pause'}
 *   | {type: 'follow', on: boolean}
 *   | {type: 'stream', on: boolean}} ClientMessage
 */

/**
 * One line of a causal chain or of a page's history.
 *
 * @typedef {EventInfo & {text?: string}} ToldEvent
 */

/**
 * Bytes that are alike.
 *
 * @typedef {object} ByteRange
 * @property {number} offset
 * @property {number} length
 * @property {number | null} value null where it is not known
 * @property {number} seq the event that wrote or first showed it, 0 where none is known
 * @property {string} text what that was
 */

/**
 * @typedef {object} PageContent
 * @property {boolean} there
 * @property {boolean} known
 * @property {ByteRange[]} ranges the whole page, from its first byte on
 */

/**
 * @typedef {object} PageAnswer
 * @property {number} state
 * @property {string[]} facts
 * @property {PageContent} content
 * @property {QueueEntry[]} waiting
 * @property {ToldEvent[]} history newest first
 * @property {ToldEvent[]} causes newest first
 */

/**
 * A step of a story; null for what is not recorded.
 *
 * @typedef {object} StoryStep
 * @property {number | null} seq
 * @property {number | null} timeNs
 * @property {number | null} gapNs since the recorded step before
 * @property {string} kind
 * @property {string} from a participant's id
 * @property {string} to
 * @property {string} text
 * @property {boolean} inferred
 * @property {boolean} linked whether the recording says what led to it
 */

/**
 * Where the time of a wait went, nanoseconds; null for what is not known.
 *
 * @typedef {object} WaitParts
 * @property {string} [origin] what was waited for, and so what the parts are
 * @property {number | null} waitNs
 * @property {number | null} unreadNs
 * @property {number | null} readToIoctlNs
 * @property {number | null} ioctlNs
 * @property {number | null} wakeToRetryNs
 * @property {number | null} unattributedNs
 */

/**
 * How a handler spent the time of a wait, nanoseconds.
 *
 * @typedef {object} MeanwhileHandler
 * @property {number} actor
 * @property {string} name
 * @property {boolean} readIt whether it read the message of this fault
 * @property {number} handlingNs
 * @property {number} idleNs
 * @property {number} blockedNs
 * @property {number} runningNs
 * @property {number} unknownNs
 * @property {number} messages that it read
 * @property {{ioctl: string, count: number}[]} calls
 */

/**
 * What went on during a wait.
 *
 * @typedef {object} Meanwhile
 * @property {number} fromNs
 * @property {number} toNs
 * @property {boolean} over
 * @property {number | null} lookedAt last event that was counted, where there were too many
 * @property {MeanwhileHandler[]} handlers
 * @property {number} otherHandlers how many more
 * @property {{before: number, after: number, togetherNs: number, longest: {seq: number, thread: string, region: string | null, page: number | null, togetherNs: number}[]}} others
 */

/**
 * A fault from the access to its next try.
 *
 * @typedef {object} FaultStory
 * @property {number} event asked about
 * @property {number} about the event that names the fault
 * @property {string} title that event in words
 * @property {{id: string, role: string, name: string}[]} participants from left to right
 * @property {StoryStep[]} steps
 * @property {WaitParts | null} parts
 * @property {Meanwhile | null} meanwhile null where nobody waited
 * @property {{text: string, seq: number | null}[]} remarks
 */

/**
 * A story and what is copied of it.
 *
 * @typedef {{story: FaultStory, text: string, mermaid: string, plantuml: string}} ToldStory
 */

/**
 * A function on the way through the kernel.
 *
 * @typedef {object} KernelFrame
 * @property {string} function
 * @property {string} file
 * @property {string} kernel the kernel that this is true for
 * @property {string} text
 * @property {{name: string, value: string}[]} values
 * @property {boolean} current
 * @property {boolean} inferred
 * @property {{version: string, text: string}[]} differences
 */

/**
 * @typedef {object} KernelAnswer
 * @property {number} seq
 * @property {string} title
 * @property {string} kernel
 * @property {KernelFrame[]} frames from the outside in
 * @property {string} note
 * @property {boolean} inferred
 * @property {{seq: number, actor: number, label: string, sinceNs: number, text: string, frames: string[]}[]} asleep
 * @property {number} waiting
 * @property {{id: string, label: string, text: string}[]} versions
 */

/**
 * @typedef {object} Segment
 * @property {number} fromNs
 * @property {number} toNs
 * @property {string} activity
 * @property {number} seq
 * @property {number | null} region
 * @property {number | null} page
 */

/**
 * @typedef {object} Lane
 * @property {number} actor
 * @property {Segment[]} segments stretches of one activity that are at least as wide as a column
 * @property {number[]} shares see lane-shares.js
 * @property {number} blocked share of the window's time, 0 to 1
 * @property {number} kernel likewise, of the waits for the kernel itself
 */

/**
 * @typedef {object} LanesAnswer
 * @property {number} fromNs
 * @property {number} toNs
 * @property {number} columns equal parts of the window
 * @property {boolean} stretches whether segments are told
 * @property {Lane[]} lanes
 * @property {{mean: number[], max: number[]}} queue faults that waited, by column
 * @property {{faults: number[], pages: number[]}} counts faults queued, and pages served by ioctls that succeeded, by column
 */

/**
 * @typedef {object} FaultRow
 * @property {number} seq
 * @property {string} origin what it waits for: `uffd`, `stage2`, `kvm` or `host`
 * @property {string | null} cause what was decided before, or meanwhile; null where that is not known
 * @property {number | null} actor
 * @property {number | null} region
 * @property {number} page
 * @property {number} flags
 * @property {number} timeNs
 * @property {number | null} readNs
 * @property {number | null} resolvedNs
 * @property {number | null} latencyNs
 * @property {number | null} readToIoctlNs
 * @property {number | null} ioctlNs
 * @property {number | null} wakeToRetryNs
 * @property {number | null} unattributedNs
 * @property {string | null} ioctl
 * @property {number | string | null} errno
 */

/**
 * What faults add up to.
 *
 * @typedef {object} FaultSums
 * @property {string} origin what they wait for
 * @property {number} faults
 * @property {number} unreadFaults
 * @property {{faults: number, p50Ns: number, p99Ns: number, maxNs: number, buckets: {fromNs: number, toNs: number, faults: number}[]}} latency
 * @property {{name: string, faults: number, unreadFaults: number, waitNs: number, p50Ns: number, p99Ns: number, maxNs: number}[]} groups
 */

/**
 * What the statistics say of faults that meet no userfaultfd, of the whole recording.
 *
 * @typedef {object} KernelTotals
 * @property {string} origin
 * @property {Record<string, number>} faultsByOrigin
 * @property {Record<string, number>} faultsByCause
 * @property {Record<string, number>} leaves entries of stage 2 that a fault set where none was, by size: `4K`, `2M`, `1G`
 * @property {number} zappedPages
 * @property {number} mmioExits
 */

/** The end of an arrow. @typedef {{seq: number, actor: number | null, timeNs: number, inferred: boolean}} ArrowEnd */

/**
 * A fault with the ioctl that woke its thread and the wake, null where the recording does not tell.
 *
 * @typedef {object} ToldFault
 * @property {number} seq
 * @property {number | null} actor
 * @property {number | null} region
 * @property {number} page
 * @property {number} timeNs
 * @property {boolean} inferred
 * @property {string | null} ioctl
 * @property {ArrowEnd | null} call
 * @property {ArrowEnd | null} wake
 */

/**
 * @typedef {object} ArrowsAnswer
 * @property {number} fromNs
 * @property {number} toNs
 * @property {number} faults how many waited in the window
 * @property {boolean} all whether all of them are told
 * @property {number | null} about the fault that was asked about
 * @property {ToldFault[]} told oldest first, that one among them
 */

/** Events from a time on, before another. @typedef {{fromNs: number, toNs: number, first: number, last: number, events: number}} StretchAnswer */

/** @typedef {{fromNs: number, toNs: number, faults: number[]}} LatencyRow */
/** @typedef {{region: string | null, firstPage: number, pages: number, faults: number[]}} AddressRow */

/**
 * How many faults there were in each cell of time and latency or address.
 *
 * @typedef {{
 *   fromNs: number, toNs: number, columns: number, unknown: number[], faults: number, unread: number, peak: number, mean: number,
 * } & ({of: 'latency', rows: LatencyRow[]} | {of: 'address', rows: AddressRow[]})} HeatmapAnswer
 */

/** @typedef {{count: number, ticks: number[], scanned: number, complete: boolean, next: number}} HitCountAnswer */

/** @typedef {{changes: {event: ToldEvent, cause: ToldEvent | null}[], scanned: number, complete: boolean, next: number}} ChangesAnswer */

/** @typedef {{hits: EventInfo[], scanned: number, complete: boolean, next: number | null}} SearchAnswer */

/**
 * @typedef {object} RecordingInfo
 * @property {string} id
 * @property {string} title
 * @property {'sample' | 'upload' | 'run'} kind
 * @property {number} events
 * @property {number} faults
 * @property {number} pages
 * @property {number} durationNs
 * @property {string | number | null} openedAt
 * @property {number[][] | null} thumbnail
 * @property {string | null} text
 * @property {string} state how far its import got: loading, complete, partial, cancelled or failed
 * @property {string | null} message why it is not whole, or cannot be read
 */

export {};
