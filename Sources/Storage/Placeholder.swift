import CryptoExtras
import Foundation
func translit() -> String { ("客服张三丰" as NSString).applyingTransform(.mandarinToLatin, reverse: false) ?? "nil" }
