require_once('crest.php');

$result = CRest::call(
    'event.offline.get',
    [
        'filter' => [
            '=MESSAGE_ID' => 1,
            '=EVENT_NAME' => 'ONCRMLEADADD',
            '>=ID' => 1
        ]
    ]
);

echo '<PRE>';
print_r($result);
echo '</PRE>';
