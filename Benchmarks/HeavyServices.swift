import TestBed

/// Services with 256 KB of annotations that no code reads.
struct HeavyServices {
    static let bytes = 256_000

    let bed: Bed
    let namespace: String

    /// Creates Services, or changes the annotations of those that exist.
    func apply(_ numbers: Range<Int>, version: Int = 0) async throws {
        let text = String(repeating: "annotation ", count: Self.bytes / 11)
        try await withThrowingTaskGroup { group in
            for task in 0..<4 {
                group.addTask {
                    for number in numbers where number % 4 == task {
                        try await bed.api.apply([
                            "apiVersion": "v1", "kind": "Service",
                            "metadata": [
                                "name": .string("heavy-\(number)"), "namespace": .string(namespace),
                                "annotations": ["example.com/notes": .string("\(version) \(text)")],
                            ],
                            "spec": ["ports": [["port": 80, "protocol": "TCP"]]],
                        ])
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
