/// The 64-bit FNV-1a hash, in hexadecimal: the same in every process, unlike `Hasher`'s.
public enum FNV1a {
    public static func hash(_ bytes: [UInt8]) -> String {
        let value = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        return String(value, radix: 16)
    }
}
