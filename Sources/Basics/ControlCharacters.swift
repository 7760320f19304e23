extension Unicode.Scalar {
    /// A control, format or line-separating character (general categories Cc, Cf, Zl and Zp). Such a character can end
    /// a line, hide a part of it or reverse its order.
    package var isControl: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    package var isASCIIControl: Bool { UInt8(exactly: value)?.isASCIIControl ?? false }
}

extension UInt8 {
    package var isASCIIControl: Bool { self < 0x20 || self == 0x7f }
}
