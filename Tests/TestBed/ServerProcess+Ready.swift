extension ServerProcess {
    /// Waits until a server is ready after its start.
    ///
    /// - Throws: `BedError` with the end of its log, if it exits or the time is over.
    public func ready(_ fact: String, within limit: Duration = .seconds(10), _ body: () async throws -> Bool)
        async throws
    {
        let ended = try await eventually(fact, within: limit, showing: [self]) { () -> ExitStatus?? in
            if let exitStatus { return .some(exitStatus) }
            return try await body() ? .some(nil) : nil
        }
        if let ended { throw BedError("\(fact): \(name) ended, \(ended)\n\(logTail())") }
    }
}
