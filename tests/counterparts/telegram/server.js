// The Bot API as telegram-test-api plays it, on 127.0.0.1, until it is stopped.
const TelegramServer = require('telegram-test-api');

const port = Number(process.argv[2]);
const server = new TelegramServer({ port, host: '127.0.0.1', storeTimeout: 3600 });
server.start().then(() => console.log('ready'));
