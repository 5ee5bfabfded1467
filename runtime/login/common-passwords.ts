/**
 * The commonest passwords of ten characters and more, as collections of leaked ones have them, in small letters.
 * Shorter ones are refused for their length.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `
  1234567890 0123456789 0987654321 9876543210 12345678910 123456789a 123456789q 1234567890a a123456789 q123456789
  1234567891 123456789123 1234567899 12345678901 123456789012 1122334455 1029384756 1357924680 1212121212 9999999999
  1234512345 123123123a 1231231234 a1234567890 123456789abc abc123456789 abcd123456 abcd1234567 abcde12345 abc1234567
  aa12345678 aa123456789 a1b2c3d4e5 asd123456789 asdf123456 asdfghjkl1 asdfghjkl123 asdfasdfasdf asdfghjkl; qwertyuiop
  qwertyuiop1 qwertyuiop123 qwertyuiop[] qwerty12345 qwerty123456 qwerty1234 qwerty123! qwertyqwerty qwerty123456789
  qazwsxedcrfv qazwsx123456 qazwsxedc123 1qaz2wsx3edc 1qazxsw23edc 1qaz@wsx3edc 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5
  q1w2e3r4t5y6 1q2w3e4r5t6y7u zaq12wsxcde3 zxcvbnm123 zxcvbnm1234 zxcvbnmasdf zxcvbnm,./ 147258369a 147258369147 1472583690
  password01 password10 password11 password12 password123 password1234 password12345 password123! password1! password2024
  password2025 password2026 passw0rd123 p@ssw0rd123 p@ssword123 p@ssw0rd1234 p@ssw0rd12 passwordpassword mypassword
  mypassword1 newpassword thepassword changeme123 changemenow letmein123 letmein1234 welcome123 welcome1234 welcome2024
  welcome2025 welcome2026 admin12345 admin123456 admin@1234 administrator administrador adminadmin rootroot123 superadmin
  iloveyou12 iloveyou123 iloveyou1234 iloveyouforever iloveyou21 ilovejesus princess123 sunshine123 football123 baseball123
  basketball superman123 spiderman123 dragon12345 monkey12345 charlie123 michael123 jordan2345 liverpool1 manchester
  barcelona10 realmadrid letmeinplease trustno1trustno1 computer123 internet123 samsung123 pokemon123 minecraft123
  starwars123 mercedes123 ferrari1234 chocolate1 butterfly1 cheesecake elizabeth1 christopher jennifer123 alexander1
  test123456 test1234567 testtest123 testpassword guest12345 user123456 secret1234 secretpassword correcthorsebatterystaple
  woaini1314 woaini520 woaini1314520 5201314520 a5201314520 zhang123456 wang123456 li123456789 qq123456789 aini1314520
  147852369a 741852963a 7758521521 1314521521 zxc123456789 asd1234567 qwe123456789 qweasdzxc123 qweasdzxc1 wsx123456
  1234qwerasdf 1234qwerty qwer123456 qwer12345678 123qweasdzxc 123qwe123qwe 123qweasd123 q1w2e3r4t5y6u7 passport123
  `
    .trim()
    .split(/\s+/),
)
