extension ObjectScanner {
    /// A list or mapping whose members are selected. All others are copied or dropped as a whole.
    enum Level {
        case response, items, object, metadata, annotations, labels, managedFields, managedFieldsEntry
        /// `fieldsV1`, its `f:status`, and `f:loadBalancer` in that.
        case fields, statusFields, loadBalancerFields

        var isArray: Bool { self == .items || self == .managedFields }
    }

    struct Container {
        var level: Level
        /// The next member that is stored needs a comma.
        var hasMembers = false
        /// The bytes between the quotation marks of the current member's name.
        var key: [UInt8] = []
    }

    enum State {
        /// Before a value, or before the end of an empty list.
        case value
        /// Before a member's name, or before the end of an empty mapping.
        case key
        case inKey(isEscaped: Bool)
        case colon
        /// After a member: before a comma, or the end of the container.
        case next
        case inValue(ScannedValue)
        /// After the response.
        case end
    }

    /// Reads one byte outside of values that are copied or dropped as a whole. If such a value begins, the byte belongs to
    /// it and is read again.
    mutating func read(_ byte: UInt8) throws(ScanError) {
        if case .inKey(let isEscaped) = state { return readKey(byte, isEscaped: isEscaped) }
        if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { return }
        switch (state, byte) {
        case (.value, UInt8(ascii: "]")) where containers.last?.level.isArray == true: close()
        case (.value, _): beginValue(byte)
        case (.key, UInt8(ascii: "\"")):
            containers[containers.count - 1].key = []
            state = .inKey(isEscaped: false)
        case (.key, UInt8(ascii: "}")): close()
        case (.key, _): throw ScanError(offset: offset, expected: "a name")
        case (.colon, UInt8(ascii: ":")): state = .value
        case (.colon, _): throw ScanError(offset: offset, expected: "':'")
        case (.next, UInt8(ascii: ",")): state = containers.last?.level.isArray == true ? .value : .key
        case (.next, UInt8(ascii: "]")) where containers.last?.level.isArray == true: close()
        case (.next, UInt8(ascii: "}")) where containers.last?.level.isArray == false: close()
        case (.next, _): throw ScanError(offset: offset, expected: "',' or the end of the list or mapping")
        case (.end, _), (.inKey, _), (.inValue, _): throw ScanError(offset: offset, expected: "the end")
        }
    }

    private mutating func readKey(_ byte: UInt8, isEscaped: Bool) {
        if byte == UInt8(ascii: "\""), !isEscaped {
            state = .colon
            return
        }
        let last = containers.count - 1
        if containers[last].key.count <= Self.maximumKeyBytes { containers[last].key.append(byte) }
        state = .inKey(isEscaped: byte == UInt8(ascii: "\\") && !isEscaped)
    }

    private mutating func beginValue(_ byte: UInt8) {
        let selection = selection()
        switch selection {
        case .item:
            item = ScannedObject()
            itemDepth = containers.count
        case .drop: break
        case .copy, .identity, .replace, .descend: beginMember()
        }
        if let level = selection.level, byte == (level.isArray ? UInt8(ascii: "[") : UInt8(ascii: "{")) {
            containers.append(Container(level: level))
            store([byte])
            state = level.isArray ? .value : .key
            return
        }
        // A value of another type than expected is copied: the decoder reports it.
        var value = ScannedValue()
        switch selection {
        case .drop: value.isStored = false
        case .replace(let text):
            value.isStored = false
            store(Array(text.utf8))
        case .identity(let field): value.identity = field
        case .item, .copy, .descend: break
        }
        state = .inValue(value)
    }

    /// Stores what precedes a member: a comma, and its name in a mapping.
    private mutating func beginMember() {
        guard let last = containers.indices.last else { return }
        if containers[last].hasMembers { store([UInt8(ascii: ",")]) }
        containers[last].hasMembers = true
        guard !containers[last].level.isArray else { return }
        store([UInt8(ascii: "\"")] + containers[last].key + [UInt8(ascii: "\""), UInt8(ascii: ":")])
    }

    private mutating func close() {
        guard let container = containers.popLast() else { return }
        store([container.level.isArray ? UInt8(ascii: "]") : UInt8(ascii: "}")])
        endMember()
    }

    mutating func endMember() {
        if item != nil, containers.count == itemDepth { endItem() }
        state = containers.isEmpty ? .end : .next
    }
}
