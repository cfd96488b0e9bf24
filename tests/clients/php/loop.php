<?php
// What a synchronising application does in a row, with either way of calling: php loop.php crest|sdk

require_once($argv[1] . '.php');
$settings = json_decode(file_get_contents(getenv('SETTINGS')), true);
define('C_REST_CLIENT_ID', $settings['client_id']);
define('C_REST_CLIENT_SECRET', $settings['client_secret']);

function ask(string $method, array $params = []): mixed
{
    global $argv, $b24Service;
    if ($argv[1] === 'crest') {
        return CRest::call($method, $params)['result'];
    }
    return $b24Service->core->call($method, $params)->getResponseData()->getResult();
}

$bound = ask('event.bind', ['event' => 'ONCRMLEADADD', 'event_type' => 'offline', 'auth_connector' => 'php']);
$lead = ask('crm.lead.add', ['fields' => ['TITLE' => 'From PHP']]);
$taken = ask('event.offline.get', ['clear' => 0, 'auth_connector' => 'php']);
$messages = array_column($taken['events'], 'MESSAGE_ID');
$process = ['process_id' => $taken['process_id'], 'auth_connector' => 'php'];
$failed = ask('event.offline.error', $process + ['message_id' => array_slice($messages, 0, 1)]);
$confirmed = ask('event.offline.clear', $process + ['message_id' => array_slice($messages, 1)]);
$batch = ask('batch', ['cmd' => ['who' => 'profile', 'lead' => "crm.lead.get?id=$lead"], 'halt' => 0]);
$seen = [];
for ($start = 0; $start < 120; $start += 50) {
    $seen = [...$seen, ...array_column(ask('crm.lead.list', ['start' => $start, 'select' => ['ID']]), 'ID')];
}
echo json_encode([
    'bound' => $bound,
    'failed' => $failed,
    'confirmed' => $confirmed,
    'taken' => count($messages),
    'title' => $batch['result']['lead']['TITLE'],
    'seen' => count(array_unique($seen)),
]), "\n";
