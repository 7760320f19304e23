import TestBed

/// These suites ask little of a cluster: one is enough for both.
let sharedBed = Shared { try await Bed.start() }
