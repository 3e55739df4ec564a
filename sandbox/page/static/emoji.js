// Emoji by Slack's short names; what is not here stays as it was typed, colons and all.

const TABLE = new Map(
  `
grinning 😀  smiley 😃  smile 😄  grin 😁  laughing 😆  sweat_smile 😅  joy 😂  rofl 🤣  relaxed ☺
blush 😊  innocent 😇  slightly_smiling_face 🙂  upside_down_face 🙃  wink 😉  relieved 😌
heart_eyes 😍  kissing_heart 😘  yum 😋  stuck_out_tongue 😛  stuck_out_tongue_winking_eye 😜
sunglasses 😎  star-struck 🤩  partying_face 🥳  smirk 😏  unamused 😒  disappointed 😞  pensive 😔
worried 😟  confused 😕  slightly_frowning_face 🙁  confounded 😖  tired_face 😫  weary 😩  cry 😢
sob 😭  triumph 😤  angry 😠  rage 😡  exploding_head 🤯  flushed 😳  scream 😱  fearful 😨
cold_sweat 😰  hugging_face 🤗  thinking_face 🤔  shushing_face 🤫  lying_face 🤥  no_mouth 😶
neutral_face 😐  expressionless 😑  hushed 😯  frowning 😦  anguished 😧  open_mouth 😮  astonished 😲
sleepy 😪  sleeping 😴  zipper_mouth_face 🤐  mask 😷  nerd_face 🤓  face_with_monocle 🧐
robot_face 🤖  ghost 👻  skull 💀  alien 👽  clap 👏  raised_hands 🙌  open_hands 👐  handshake 🤝
pray 🙏  +1 👍  -1 👎  thumbsup 👍  thumbsdown 👎  fist ✊  punch 👊  crossed_fingers 🤞  v ✌  ok_hand 👌
point_left 👈  point_right 👉  point_up_2 👆  point_up ☝  point_down 👇  hand ✋  raised_hand ✋
wave 👋  call_me_hand 🤙  muscle 💪  writing_hand ✍  eyes 👀  eye 👁  brain 🧠  ear 👂  nose 👃
speaking_head_in_silhouette 🗣  bust_in_silhouette 👤  busts_in_silhouette 👥  baby 👶  boy 👦
girl 👧  man 👨  woman 👩  older_man 👴  older_woman 👵  man-raising-hand 🙋‍♂️
woman-raising-hand 🙋‍♀️  male-technologist 👨‍💻  female-technologist 👩‍💻  family 👪  heart ❤
orange_heart 🧡  yellow_heart 💛  green_heart 💚  blue_heart 💙  purple_heart 💜  black_heart 🖤
broken_heart 💔  sparkling_heart 💖  two_hearts 💕  heartpulse 💗  100 💯  boom 💥  collision 💥
dizzy 💫  star ⭐  star2 🌟  sparkles ✨  zap ⚡  fire 🔥  sunny ☀  cloud ☁  partly_sunny ⛅
rain_cloud 🌧️  snowflake ❄  snowman ☃  umbrella ☂  rainbow 🌈  ocean 🌊  droplet 💧  earth_africa 🌍
earth_americas 🌎  earth_asia 🌏  globe_with_meridians 🌐  full_moon 🌕  new_moon 🌑  crescent_moon 🌙
seedling 🌱  evergreen_tree 🌲  deciduous_tree 🌳  palm_tree 🌴  cactus 🌵  herb 🌿
four_leaf_clover 🍀  maple_leaf 🍁  fallen_leaf 🍂  bouquet 💐  tulip 🌷  rose 🌹  sunflower 🌻
blossom 🌼  hibiscus 🌺  mushroom 🍄  dog 🐶  cat 🐱  mouse 🐭  rabbit 🐰  fox_face 🦊  bear 🐻
panda_face 🐼  koala 🐨  lion_face 🦁  cow 🐮  pig 🐷  frog 🐸  monkey 🐒  see_no_evil 🙈
hear_no_evil 🙉  speak_no_evil 🙊  chicken 🐔  penguin 🐧  bird 🐦  owl 🦉  bee 🐝  bug 🐛  butterfly 🦋
snail 🐌  turtle 🐢  fish 🐟  dolphin 🐬  whale 🐳  octopus 🐙  elephant 🐘  unicorn_face 🦄
green_apple 🍏  apple 🍎  pear 🍐  tangerine 🍊  lemon 🍋  banana 🍌  watermelon 🍉  grapes 🍇
strawberry 🍓  cherries 🍒  peach 🍑  pineapple 🍍  avocado 🥑  tomato 🍅  carrot 🥕  corn 🌽  bread 🍞
cheese 🧀  pizza 🍕  hamburger 🍔  fries 🍟  taco 🌮  cookie 🍪  cake 🍰  birthday 🎂  chocolate_bar 🍫
candy 🍬  doughnut 🍩  coffee ☕  tea 🍵  wine_glass 🍷  beer 🍺  beers 🍻  champagne 🍾
fork_and_knife 🍴  soccer ⚽  basketball 🏀  football 🏈  tennis 🎾  trophy 🏆  medal 🏅
sports_medal 🏅  first_place_medal 🥇  dart 🎯  game_die 🎲  jigsaw 🧩  art 🎨  performing_arts 🎭
microphone 🎤  headphones 🎧  musical_note 🎵  notes 🎶  guitar 🎸  car 🚗  taxi 🚕  bus 🚌  train 🚋
airplane ✈  rocket 🚀  ship 🚢  anchor ⚓  bike 🚲  house 🏠  office 🏢  school 🏫  hospital 🏥  tent ⛺
mountain ⛰  world_map 🗺  compass 🧭  watch ⌚  iphone 📱  computer 💻  keyboard ⌨  printer 🖨
camera 📷  video_camera 📹  tv 📺  telephone_receiver 📞  phone ☎  battery 🔋  bulb 💡  flashlight 🔦
wrench 🔧  hammer 🔨  gear ⚙  link 🔗  paperclip 📎  pushpin 📌  round_pushpin 📍  scissors ✂  lock 🔒
unlock 🔓  key 🔑  mag 🔍  mag_right 🔎  bell 🔔  no_bell 🔕  loudspeaker 📢  mega 📣  speech_balloon 💬
thought_balloon 💭  left_speech_bubble 🗨️  email ✉  envelope ✉  incoming_envelope 📨  inbox_tray 📥
outbox_tray 📤  package 📦  mailbox 📫  memo 📝  pencil 📝  pencil2 ✏  pen 🖊  book 📖  books 📚
bookmark 🔖  open_book 📖  notebook 📓  clipboard 📋  calendar 📆  date 📅  spiral_calendar_pad 🗓️
card_index 📇  file_folder 📁  open_file_folder 📂  chart_with_upwards_trend 📈
chart_with_downwards_trend 📉  bar_chart 📊  page_facing_up 📄  newspaper 📰  moneybag 💰
credit_card 💳  gift 🎁  balloon 🎈  tada 🎉  confetti_ball 🎊  ribbon 🎀  hourglass ⌛
hourglass_flowing_sand ⏳  alarm_clock ⏰  stopwatch ⏱  timer_clock ⏲  clock1 🕐  clock3 🕒
clock9 🕘  clock12 🕛  white_check_mark ✅  heavy_check_mark ✔  ballot_box_with_check ☑  x ❌
heavy_multiplication_x ✖  heavy_plus_sign ➕  heavy_minus_sign ➖  question ❓  grey_question ❔
exclamation ❗  bangbang ‼  warning ⚠  no_entry ⛔  no_entry_sign 🚫  construction 🚧  recycle ♻
information_source ℹ  arrow_up ⬆  arrow_down ⬇  arrow_left ⬅  arrow_right ➡  arrow_upper_right ↗
arrows_counterclockwise 🔄  repeat 🔁  leftwards_arrow_with_hook ↩  arrow_right_hook ↪
red_circle 🔴  large_blue_circle 🔵  white_circle ⚪  black_circle ⚫  large_green_circle 🟢
large_yellow_circle 🟡  large_orange_circle 🟠  large_purple_circle 🟣  small_blue_diamond 🔹
small_orange_diamond 🔸  large_blue_diamond 🔷  white_square_button 🔳  checkered_flag 🏁
triangular_flag_on_post 🚩  one 1️⃣  two 2️⃣  three 3️⃣  four 4️⃣  five 5️⃣  six 6️⃣  seven 7️⃣
eight 8️⃣  nine 9️⃣  keycap_ten 🔟  zero 0️⃣  hash #️⃣  new 🆕  free 🆓  up 🆙  cool 🆒  ok 🆗  sos 🆘
soon 🔜  back 🔙  end 🔚  top 🔝  on 🔛
`
    .trim()
    .split(/ {2}|\n/)
    .map((entry) => entry.split(" ")),
);

/** Without it, old signs such as ☀ come as text. */
const AS_EMOJI = "\uFE0F";
const SKIN_TONES = ["🏻", "🏼", "🏽", "🏾", "🏿"];

/** The emoji of a short name such as `wave` or `wave::skin-tone-3`; undefined if there is none. */
export function emoji(name) {
  const [plain, tone] = name.split("::skin-tone-");
  const found = TABLE.get(plain);
  if (found && tone) return found + (SKIN_TONES[Number(tone) - 2] ?? "");
  return found?.length === 1 ? found + AS_EMOJI : found;
}
