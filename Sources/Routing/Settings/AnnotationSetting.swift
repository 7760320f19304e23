/// What an annotation sets: how its value is read, listed and coded.
struct AnnotationSetting: Sendable {
    /// Reads a value without surrounding whitespace.
    ///
    /// - Returns: the explanations of what is rejected.
    let read: @Sendable (String, AnnotationContext, inout IngressSettings) -> [String]
    /// The text in the listing; nil for the default.
    let listed: @Sendable (HostSettings) -> String?
    /// Writes the field under the key, unless it has its default.
    let encode: @Sendable (HostSettings, SettingKey, inout KeyedEncodingContainer<SettingKey>) throws -> Void
    /// Reads the field if the key is present.
    let decode: @Sendable (inout HostSettings, SettingKey, KeyedDecodingContainer<SettingKey>) throws -> Void
}

typealias SettingField<Value> = any WritableKeyPath<HostSettings, Value> & Sendable

/// The context in which the value of an annotation is read.
struct AnnotationContext {
    var namespace: String
    var basicAuthPrefix: VaultPathPrefix
    /// Nil if no Ingress may name the path of its certificate.
    var vaultPathPrefix: VaultPathPrefix?
    var hasSplit: Bool
    /// True if Secrets of the cluster are read.
    var kubernetesSecrets = false
}

extension AnnotationSetting {
    /// A field of the host's settings.
    ///
    /// - Parameter read: nil leaves the field as it is.
    static func field<Value: Codable & Equatable & Sendable>(
        _ field: SettingField<Value>, listed: @escaping @Sendable (Value) -> String?,
        read: @escaping @Sendable (String, AnnotationContext) -> (value: Value?, rejections: [String])
    ) -> AnnotationSetting {
        AnnotationSetting(
            read: { text, context, settings in
                let (value, rejections) = read(text, context)
                if let value { settings.host[keyPath: field] = value }
                return rejections
            },
            listed: { listed($0[keyPath: field]) },
            encode: { settings, key, fields in
                let value = settings[keyPath: field]
                if value != HostSettings()[keyPath: field] { try fields.encode(value, forKey: key) }
            },
            decode: { settings, key, fields in
                guard fields.contains(key) else { return }
                settings[keyPath: field] = try fields.decode(Value.self, forKey: key)
            })
    }

    /// A value that is read as a whole, or rejected as a whole.
    static func value<Value: Codable & Equatable & Sendable>(
        _ field: SettingField<Value?>,
        _ parse: @escaping @Sendable (String) throws(InvalidValue) -> Value,
        listed: @escaping @Sendable (Value) -> String?
    ) -> AnnotationSetting {
        .field(
            field, listed: { $0.flatMap(listed) },
            read: { text, _ in
                do throws(InvalidValue) {
                    return (try parse(text), [])
                } catch {
                    return (nil, ["expected \(error.expected)"])
                }
            })
    }

    /// One of a few words.
    static func choice<Value: Codable & Equatable & Sendable>(
        _ field: SettingField<Value>, _ values: [String: Value],
        listed: @escaping @Sendable (Value) -> String?
    ) -> AnnotationSetting {
        .field(field, listed: listed) { text, _ in
            if let value = values[text] { return (value, []) }
            return (nil, ["expected \(values.keys.sorted().joined(separator: " or "))"])
        }
    }

    /// One of a few words, for a field that is nil by default.
    static func choice<Value: Codable & Equatable & Sendable>(
        _ field: SettingField<Value?>, _ values: [String: Value],
        listed: @escaping @Sendable (Value) -> String?
    ) -> AnnotationSetting {
        .choice(field, values.mapValues(Optional.some), listed: { $0.flatMap(listed) })
    }

    /// A duration of at least 10 ms.
    static func timeout(
        _ field: SettingField<Duration?>, upTo maximum: Duration
    ) -> AnnotationSetting {
        .value(field) { text throws(InvalidValue) in
            try Duration(timeout: text, in: .milliseconds(10)...maximum)
        } listed: {
            "\(Int64($0 / .milliseconds(1)))ms"
        }
    }
}
